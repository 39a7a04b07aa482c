"""What looks unused to vulture and is not, each group with its reason. Read by `make lint`."""

# commands are looked up by name, or registered by their decorator
demo
correct
warmup
import_
forget
list_tokens
list_dead
retry_dead
show_secret
serve_sandbox
_top

# read by enum
_value_

# read by pydantic
model_config
field_title_should_be_set
nullable_schema
decimal_schema
_fill_missing
_as_graded

# fields of documents from outside, checked to be there and well formed
token_type
city
detail
external_web_access
frequency_penalty
max_tool_calls
metadata
presence_penalty
prompt_cache_key
prompt_cache_retention
safety_identifier
service_tier
temperature
timezone
top_p
user
user_location

# fields that are stored or sent to the model, and read there
viewport_width
supporting_titles
business_seller
listed_at

# fields of the answers of tools for agents
name_is_right
price_is_right
chance_14
chance_30
other_names
price_new
comparables_more
problems
facts_more

# members of enumerations that are chosen by value
MICRODATA
PARDON

# called or read by libraries: context managers, prometheus_client, aiohttp, Pillow, pyppeteer
_send_headers_immediately
trace
collect
output_size
protocol_version
MAX_IMAGE_PIXELS
_parser
recv
_ws

# read by a template of the sandbox
business

# fields of the official APIs' requests, which the sandbox checks and does not use; kinds of site in a faults file
_.gcs_image_uri
_.image_uri
_.image_context
_.BRAVE
_.GOOGLE
_.VISION
_.EBAY
# for tests: lets the tokens of the sandbox's eBay expire
_.expire_tokens

# what Rx disposes is set as an attribute
disposable

# what a page's state is compared by
_.elements
_.pictures

# selenium's options are set as attributes
_.binary_location
_.page_load_strategy
