package io.portcullis.redis;

import java.util.Set;

/** What the first word of an error says about the server, whatever the command was. */
final class ServerErrors {
  /** It cannot serve at present. */
  private static final Set<String> SICK =
      Set.of(
          "LOADING",
          "BUSY",
          "MASTERDOWN",
          "READONLY",
          "OOM",
          "MISCONF",
          "NOREPLICAS",
          "CLUSTERDOWN",
          "NOAUTH",
          "NOPERM");

  /** It is a replica. */
  private static final Set<String> OF_REPLICAS = Set.of("READONLY", "MASTERDOWN");

  private ServerErrors() {}

  static boolean areSick(String code) {
    return SICK.contains(code);
  }

  static boolean areOfReplicas(String code) {
    return OF_REPLICAS.contains(code);
  }
}
