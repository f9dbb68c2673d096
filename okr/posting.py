"""Posting a digest to the channels of a company: the one place that knows Apprise."""

import logging
from collections.abc import Sequence


class PostingError(Exception):
    """A digest that did not reach every channel."""


def post(text: str, title: str, channels: Sequence[str]) -> int:
    """Send a Markdown text to each channel; give how many there are.

    Raises:
        PostingError: If there is no channel, or one of them did not take it.
    """
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines hold the channels' secrets
    if not channels:
        raise PostingError(
            "There is no channel to post to. Put them into .streamlit/secrets.toml, as channels = "
            '["slack://…"] under [digest], or into OKR_CHANNELS.'
        )
    failed = []
    for number, channel in enumerate(channels, 1):
        sender = apprise.Apprise()
        is_known = sender.add(channel)
        body_format = apprise.NotifyFormat.MARKDOWN
        if not is_known or not sender.notify(body=text, title=title, body_format=body_format):
            scheme = channel.partition(":")[0]
            failed.append(f"channel {number} ({scheme}{'' if is_known else ', not understood'})")
    if failed:
        raise PostingError(
            f"{len(channels) - len(failed)} of {len(channels)} channels took the digest. "
            f"Not: {', '.join(failed)}. Check the address and whether it can be reached from here."
        )
    return len(channels)
