package io.portcullis.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.Locale;

/**
 * The address of a request as its sender sees it: in front of the gateway others may end TLS and
 * change the host, so it comes from the configuration and not from the request. Only where hosts
 * name tenants the host is the request's, if it is one of those.
 */
final class PublicTarget {
  private final String scheme;
  private final String host;
  private final String port;
  private final String hostSuffix;

  /**
   * @param publicUrl where callers find this gateway
   * @param hostSuffix such that {@code <tenant><suffix>} is this gateway too; empty for none
   */
  PublicTarget(URI publicUrl, String hostSuffix) {
    this.scheme = publicUrl.getScheme() + "://";
    this.host = publicUrl.getHost();
    this.port = publicUrl.getPort() < 0 ? "" : ":" + publicUrl.getPort();
    this.hostSuffix = hostSuffix.toLowerCase(Locale.ROOT);
  }

  String of(HttpServerRequest request) {
    return scheme + host(request) + port + RequestTarget.path(request.uri());
  }

  private String host(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    if (hostSuffix.isEmpty() || authority == null) {
      return host;
    }
    String named = authority.host().toLowerCase(Locale.ROOT);
    return named.endsWith(hostSuffix) ? named : host;
  }
}
