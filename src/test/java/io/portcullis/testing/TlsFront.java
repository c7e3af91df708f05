package io.portcullis.testing;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;

/** Puts TLS in front of a server on loopback that has none. */
public final class TlsFront {
  private final NetServer server;
  private final NetClient client;
  private final int behind;

  /** Listens on a free port; ends with the Vert.x. */
  public TlsFront(Vertx vertx, TlsFolder tls, int behind) {
    this.behind = behind;
    this.client = vertx.createNetClient();
    this.server =
        Await.value(
            vertx
                .createNetServer(
                    new NetServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                            new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.key().toString())))
                .connectHandler(this::accept)
                .listen(0, "127.0.0.1"));
  }

  /** The same address by https, under a name: {@code localhost} is the certificate's. */
  public URI address(String host, URI plain) {
    return URI.create("https://" + host + ":" + server.actualPort() + plain.getPath());
  }

  private void accept(NetSocket outside) {
    outside.pause();
    client
        .connect(behind, "127.0.0.1")
        .onComplete(
            inside -> {
              inside.handler(outside::write);
              inside.closeHandler(closed -> outside.close());
              outside.handler(inside::write);
              outside.closeHandler(closed -> inside.close());
              outside.resume();
            },
            problem -> outside.close());
  }
}
