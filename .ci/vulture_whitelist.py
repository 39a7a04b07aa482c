"""What looks unused to vulture and is not, each group with its reason. Read by `make lint`."""

# commands are looked up by name, or registered by their decorator
demo
warmup
import_
serve_sandbox
_top

# read by pydantic
model_config
_as_meant
_as_graded

# fields of documents from outside, checked to be there and well formed
token_type
detail
frequency_penalty
metadata
presence_penalty
prompt_cache_key
safety_identifier
service_tier
temperature
top_p
user

# fields that are stored or sent to the model, and read there
viewport_width
supporting_titles

# members of enumerations that are chosen by value
MICRODATA
PARDON

# called or read by libraries: context managers, prometheus_client, aiohttp, Pillow
trace
collect
output_size
MAX_IMAGE_PIXELS
