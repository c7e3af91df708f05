package io.portcullis.config;

import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.hostName;

/**
 * The management listener: health and metrics. Never reachable from outside.
 *
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 */
public record ManagementConfig(String host, int port) {

  static ManagementConfig read(Section management) {
    return new ManagementConfig(
        management.value("host", hostName(), "127.0.0.1", "address to bind; never a public one"),
        management.value("port", number(0, 65_535), "8081", "port to bind; 0 picks a free one"));
  }
}
