"""The HTTP interface.

A photo's way: `routes` names the handler; `classify` (or `websocket`) reads the query (`query_params`) and the upload
(`upload`), whose photos `photo_intake` decodes; `AppContext.submit` (`context`) starts, joins or replays a run in
`lens_rx.runs`; its stored facts are encoded by a `View` (`view`, `fact_wire`) and answered in the form that the client
accepts (`run_answer`): framed (`stream_formats`) and written with heartbeats and a write timeout (`heartbeat`), or as one
JSON object (`json_answer`).
"""
