package io.portcullis.audit;

/**
 * How the trail does, for health.
 *
 * @param mode what still works
 * @param lagSeconds age of the oldest event that is not in the chain yet; 0 when all are
 * @param backlogBytes bytes of the journal that are not in the chain yet
 * @param lost events that were durable and could not be chained; anything but 0 is an incident
 */
public record AuditStatus(Mode mode, double lagSeconds, long backlogBytes, long lost) {
  /** What still works. */
  public enum Mode {
    /** Events are recorded and reach the chain. */
    DURABLE("durable"),
    /** Events are recorded; the database is away, the journal keeps them. */
    JOURNAL_ONLY("journal-only"),
    /** Events cannot be recorded: critical ones are refused. */
    FAILING("failing");

    private final String label;

    Mode(String label) {
      this.label = label;
    }

    /** As health shows it. */
    public String label() {
      return label;
    }
  }
}
