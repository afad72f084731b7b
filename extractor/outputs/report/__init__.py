"""`report.html`: one self-contained page a run, with every finding beside its source.

`part.report_part` makes what one document adds to it, where the document is read; `page.ReportWriter` puts the parts
together; `words` is what people call things.
"""
