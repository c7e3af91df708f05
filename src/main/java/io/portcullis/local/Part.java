package io.portcullis.local;

/** The parts that {@link LocalSystem} and {@link Edge} start around the node. */
public enum Part {
  /** A fast shutdown: sessions are ended, everything is written. */
  POSTGRESQL("PostgreSQL", "INT"),
  REDIS("Redis", "TERM"),
  KEYCLOAK("Keycloak", "TERM"),
  /** Requests under way are finished. */
  NGINX("Nginx", "QUIT");

  private final String label;
  private final String stopSignal;

  Part(String label, String stopSignal) {
    this.label = label;
    this.stopSignal = stopSignal;
  }

  /** The name that people know. */
  public String label() {
    return label;
  }

  /** The signal for 'finish and end now'. */
  String stopSignal() {
    return stopSignal;
  }

  /** The name of its log and pid files. */
  String fileName() {
    return label.toLowerCase(java.util.Locale.ROOT);
  }
}
