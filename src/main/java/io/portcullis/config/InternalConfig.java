package io.portcullis.config;

import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.hostName;
import static io.portcullis.config.TextForms.word;

import java.util.List;
import java.util.Set;

/**
 * The internal listener: services with certificates, no tokens. It opens when this node has a
 * certificate and clients are named.
 *
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 * @param clients who may come in
 */
public record InternalConfig(String host, int port, List<Client> clients) {

  /**
   * A service.
   *
   * @param name the role in its certificate
   * @param roles what it may do as a caller
   */
  public record Client(String name, Set<String> roles) {
    private static Client read(Section client) {
      return new Client(
          client.name(),
          client.set("roles", word(), List.of(), "the roles of the caller that this service is"));
    }
  }

  static InternalConfig read(Section internal) {
    return new InternalConfig(
        internal.value("host", hostName(), "127.0.0.1", "address to bind"),
        internal.value("port", number(0, 65_535), "8444", "port to bind; 0 picks a free one"),
        internal.named("clients", Client::read));
  }
}
