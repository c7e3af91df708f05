package io.portcullis.tls;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * A handshake with a candidate in memory, before anybody meets it: with itself as the client it
 * must succeed, with a client that has no certificate it must fail. Blocks for some milliseconds.
 */
final class HandshakeTrial {
  private static final int MAX_STEPS = 100;

  private HandshakeTrial() {}

  /** Throws {@link BadMaterialException} that names the certificate's file. */
  static void run(Path certificateFile, TlsMaterial candidate) {
    try {
      TrustManager[] trust = {candidate.trust()};
      KeyManager[] keys = {candidate.keys()};
      if (!shakes(context(keys, trust), context(keys, trust))) {
        throw new BadMaterialException(certificateFile, "made no handshake with itself");
      }
      if (refusesNobody(keys, trust)) {
        throw new BadMaterialException(
            certificateFile, "made a handshake with a client that has no certificate");
      }
    } catch (SSLException e) {
      throw new BadMaterialException(
          certificateFile, "made no handshake with itself (" + e.getMessage() + ")");
    } catch (GeneralSecurityException e) {
      throw new BadMaterialException(
          certificateFile, "cannot be used for TLS (" + e.getMessage() + ")");
    }
  }

  private static boolean refusesNobody(KeyManager[] keys, TrustManager[] trust)
      throws GeneralSecurityException {
    try {
      return shakes(context(keys, trust), context(new KeyManager[0], trust));
    } catch (SSLException refused) {
      return false;
    }
  }

  private static SSLContext context(KeyManager[] keys, TrustManager[] trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust, null);
    return context;
  }

  /** Whether both sides come to the end of it. */
  private static boolean shakes(SSLContext serverContext, SSLContext clientContext)
      throws SSLException {
    SSLEngine server = engine(serverContext, false);
    SSLEngine client = engine(clientContext, true);
    int size = server.getSession().getPacketBufferSize() * 4;
    ByteBuffer toServer = ByteBuffer.allocate(size);
    ByteBuffer toClient = ByteBuffer.allocate(size);
    server.beginHandshake();
    client.beginHandshake();
    for (int i = 0; i < MAX_STEPS; i++) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
      if (isOver(client) && isOver(server) && toServer.position() == 0) {
        return true;
      }
    }
    return false;
  }

  private static SSLEngine engine(SSLContext context, boolean client) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(client);
    engine.setEnabledProtocols(InternalTls.VERSIONS.toArray(String[]::new));
    if (!client) {
      engine.setNeedClientAuth(true);
    }
    return engine;
  }

  private static boolean isOver(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  /** Takes what has come, does what there is to do, says what there is to say. */
  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    ByteBuffer ignored = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize() * 2);
    in.flip();
    SSLEngineResult result;
    do {
      result = engine.unwrap(in, ignored);
      tasks(engine);
    } while (result.bytesConsumed() > 0 && in.hasRemaining());
    in.compact();
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      engine.wrap(ByteBuffer.allocate(0), out);
      tasks(engine);
    }
  }

  private static void tasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
