"""The wire between the program and a worker: one JSON document a line, UTF-8, over two pipes.

To the worker

    {"id": 7, "op": "extend", ...}      a request; ids rise, requests are answered in order
    {"reply": 3, "value": ...}          the answer to the worker's question 3; `reply` is always the first key

From the worker

    {"id": 7, "ok": {...}}              the answer
    {"id": 7, "ok": {...}, "texts": 2}  the answer, and its next two lines are texts, taken as they are (a state)
    {"id": 7, "error": {"kind": ...}}   the operation failed; `kind` and what goes with it stand in `worker.py`
    {"ask": 3, ...}                     a question of the operation that is being run (a row that it needs)

Operations of every worker (worker.py)

    hello    -> python (its version), missing_limits [memory, cpu: those that the system does not keep]

Operations on aggregates (worker_fold.py)

    load     target, import_paths, trusted ({file: sha256} or null), merge (true for the generic merge),
             keyframe_bytes (for the kept states of all aggregates that are open)
             -> model [name, kind, module, sha256], upcast_types [event type: read otherwise than it is stored],
             folds_payloads (whether it looks at nothing of an event but its type and its data)
    open     handle, aggregate_id                   -> nothing; the handle is the program's choice
    extend   handle, fold_to, and either events [[column, ...]], or joined and a line   -> length
             joined {count, types [name], type_of [place in types] (none: all of the first), first_version or
             versions, keys_differ (certainly no key stands twice in one object)}. The line after the request is `=`
             and the data of the events, joined and with line breaks as `core.event_log` says.
    remarks  -> only what all of the following answer
    state    -> texts: the state
    outline  against, open {pointer: most} -> rows [[as core.outline.OutlineRow]], added, removed, changed
    field    pointer -> texts: the field; without one: missing (why)
    find     text, most -> pointers, total
    changes  against, most -> changes [[pointer, kind, text before, text after]], total
    paths    pointers (null: of all fields) -> paths [[pointer, logical path] or null], lists [[pointer, id field]]
    trace    question {kind, ...} (core.questions), ms (about how long, null: to the end), wanted, last, against (0)
             -> done (the last state shown), answer (of the states up to there; null unless all were shown or it is
             wanted; of `values` only the last ones, null: all that are kept); asking again goes on

             These eight are given handle, ordinal and known [count of each kind of remark] and answer with
             ordinal, odd (whether a value stands in the state that JSON cannot hold), and the remarks beyond the
             known ones, on every event that was folded so far:
             unapplied [[ordinal, version, event_type, reason]], changed_types [[ordinal, before, after]],
             repeated_keys [[ordinal, version, first keys, count]].
             `against` is the ordinal of the state to compare with; 0: each member is new.
    compare      against or other, turned, open {place: most}
                 -> rows [[as core.compared_rows.ComparedRow]], counts, matched [[pointer, field]]
    differences  against or other, turned, most
                 -> differences [[kind, pointer in A, pointer in B, text in A, text in B]], total, matched
    patch        against or other, turned -> texts: the JSON Patch that makes B of A
    ways         against or other, turned, places -> ways [a logical path, or null]

             Likewise. B is the state after `ordinal` events, A the one after `against` (the other way round where
             `turned`), or the one of another aggregate, whose JSON text is `other` (null: it has none).
    newest_form  event [column, ...]: one of `upcast_types`, which need not be in any timeline
             -> events [[event_type, schema_version]], texts: the data of each; steps [text], finding (text, null
             where all went well), is_steady (whether asking again gave the same)
    drop     handle                                 -> nothing

    Errors: import_failed {target, error, where}, no_such_name {target, module, name}, unfit {message, hint},
    start_failed {error, where} (the constructor raised), shared_state (see `core.timeline.SharedState`).

Operations on a projection (worker_projection.py)

    load_projection   target, import_paths, trusted -> model, tables [[name, [[column, type]], key]]
    start_projection  empty                         -> nothing
    project           batch, first, columns {name: [value]}, and either payloads [value, mark, value, ...] with mark,
                      or texts [text]
                      -> changes {table: [put, delete]}, unknown {type: count}, standings {type: standing},
                         wanted [column: one that handlers ask for, to be sent along]
    Questions: column and batch -> the values of that column; table and key -> the row in column order, or null.
    Errors: as above, handler_failed {number, error, handler, trace}, broken_payload (send the batch as texts).

Beside the wire there is the *counter*: a shared page in which the worker writes the ordinal before it applies an
event, so that the program knows where a worker ended that could not say it. 0 = at no event of this request.

Anything else on the wire is a breach, and the worker is ended.
"""

import json
from typing import Any

# How a worker ends itself, where it can still choose.
EXIT_OUT_OF_MEMORY = 97
EXIT_WIRE_LOST = 98
EXIT_TOO_OLD = 99

REPLY_START = b'{"reply":'

_encoder = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def encode(message: dict[str, Any]) -> bytes:
    """One line."""
    return encode_value(message) + b"\n"


def encode_value(value: Any) -> bytes:
    """A value within a message. Plain ASCII, so that no lone surrogate can stand in its way."""
    return _encoder.encode(value).encode("ascii")


def decode(line: bytes) -> Any:
    """The message of one line; integers of any size stay exact.

    Raises: ValueError, also for text that is no UTF-8.
    """
    return json.loads(line)
