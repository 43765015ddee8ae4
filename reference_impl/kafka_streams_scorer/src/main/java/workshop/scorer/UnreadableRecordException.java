package workshop.scorer;

/** A record cannot be scored; the message is the reason that its dead letter carries. */
final class UnreadableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String reason) {
        super(reason);
    }
}
