"""The Model Context Protocol: tools for agents, one a file, over stdin and stdout or at `/mcp`.

The SDK is the extra `[mcp]` and slow to import: only `installation` and `mcp_endpoint` may be imported without need.
"""
