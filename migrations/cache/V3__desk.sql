-- The desk keeps rows of all tickets and accounts in memory, and asks what changed since.
CREATE INDEX desk_ticket_by_version ON entity (version) WHERE kind = 'desk_ticket';
CREATE INDEX desk_account_by_version ON entity (version) WHERE kind = 'desk_account';
-- What came to the desk: told of by a toast.
CREATE INDEX desk_message_by_version ON entity (version) WHERE kind = 'message' AND scope = 'desk';
CREATE INDEX support_message_by_version ON entity (version) WHERE kind = 'message' AND scope = 'support_desk';
