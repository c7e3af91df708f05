package io.portcullis.gateway;

import java.util.Set;

/**
 * Headers in which a client says of itself what a proxy would say of it: who it is, where it comes
 * from, what it wants in truth. Frameworks behind the gateway believe some of them, so none reaches
 * a service.
 */
final class Hearsay {
  private static final Set<String> NAMES =
      Set.of(
          "cf-connecting-ip",
          "client-ip",
          "fastly-client-ip",
          "proxy",
          "remote-addr",
          "remote-user",
          "true-client-ip",
          "via",
          "x-authenticated-user",
          "x-client-ip",
          "x-cluster-client-ip",
          "x-envoy-external-address",
          "x-forwarded",
          "x-host",
          "x-http-host-override",
          "x-original-host",
          "x-original-method",
          "x-original-uri",
          "x-originating-ip",
          "x-remote-addr",
          "x-remote-ip",
          "x-remote-user",
          "x-script-name");

  private Hearsay() {}

  /** Whether the header of this name, in lower case, is one. */
  static boolean is(String name) {
    return NAMES.contains(name) || name.startsWith("x-forwarded-") || name.startsWith("x-ssl-");
  }
}
