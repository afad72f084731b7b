"""The review server: pages for people, an API for programs, and who may do what.

Whatever reaches the rules of reviewing comes through `access`, which knows the person and their rights; the rules
themselves are in `extractor.review`.
"""
