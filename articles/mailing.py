"""Where the task of sending mail was until November 2026: tasks queued before the update name it by
this path.

Remove it after 31 May 2027, when no such task can still be waiting.
"""

from articles.notifications.email import mail_at_once

__all__ = ["mail_at_once"]
