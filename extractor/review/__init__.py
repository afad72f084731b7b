"""The review queue: people settle what the checks flag, in a browser or through the HTTP API.

    tasks ← queue (who works on what) ← card (what is wrong, where it stands, what was read)
    edits → sheet (records corrected) → evaluating (checked again, live) → settling (verdict, settled version)

The reading is never changed. A document's settled version is the reading with the edits of all verdicts that
stand, in order; it is made again whenever one is added or taken back, so everything can be undone.

Pages and API both call these. What takes a `session` runs inside the caller's transaction, what takes a `desk` opens
its own.

    queue      claim(session, actor, settings, filters) · take · beat · release · tasks · count · find · Filters
    cards      open_card(desk, actor, task) · change(desk, actor, task, step, edits) · evaluate · proposals
    settling   act(desk, actor, Act(task, version, action, edits, …))     accept, correct, document, skip, undo, reopen
    together   settle_alike(desk, actor, task, decision)
    talk       comments_of · comment · events · all_events
    progress   progress(session)
    confirmed  confirmed · all_confirmed · as_csv · write_xlsx
    views      task_view and what else is shown
    source     the text with its figures, the boxes of a page

Errors: NotStored, Held, Conflict, WrongStep, NotAllowed, EditRefused, LoadError.
"""
