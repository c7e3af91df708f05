package io.portcullis.limit;

/**
 * A request that asks to be let through.
 *
 * @param group the tenant's id, or {@code -} for none; the limits of one group share a hash slot
 * @param ip the client's address as text; every limit per address counts it normalised, IPv6 by /64
 * @param subject the caller's permanent id; empty when nobody is proved yet, then only the limits
 *     that need none take part
 * @param cost what it takes from every limit, at least 1
 */
public record Admission(String group, String ip, String subject, int cost) {
  /** The group of requests that belong to no tenant. */
  public static final String NO_GROUP = "-";

  /** Refuses a cost that would give something back. */
  public Admission {
    if (cost < 1) {
      throw new IllegalArgumentException("cost must be at least 1");
    }
  }
}
