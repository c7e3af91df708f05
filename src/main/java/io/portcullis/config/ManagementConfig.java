package io.portcullis.config;

import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.hostName;

/**
 * The management listener: health, metrics, operators. Never reachable from outside.
 *
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 * @param adminLevel how strongly people must have proved who they are to operate ({@code acr}); 0
 *     asks nothing
 */
public record ManagementConfig(String host, int port, int adminLevel) {

  static ManagementConfig read(Section management) {
    return new ManagementConfig(
        management.value("host", hostName(), "127.0.0.1", "address to bind; never a public one"),
        management.value("port", number(0, 65_535), "8081", "port to bind; 0 picks a free one"),
        management.value(
            "admin-level",
            number(0, 9),
            "2",
            "least level (acr) of people who operate: 1 a password, 2 a second factor; 0 asks nothing"));
  }
}
