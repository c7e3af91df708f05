package io.portcullis.config;

/**
 * Where a server listens.
 *
 * @param host a name, or an address without brackets
 * @param port its port
 */
public record Endpoint(String host, int port) {
  /** As it is written in the configuration: {@code host:port}. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
