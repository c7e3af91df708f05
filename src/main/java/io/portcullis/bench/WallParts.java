package io.portcullis.bench;

import io.portcullis.local.Edge;
import io.portcullis.local.EdgeSettings;
import io.portcullis.tls.CaSettings;
import io.portcullis.tls.CertificateAuthority;
import io.portcullis.tls.IdentityRequest;
import io.portcullis.tls.Passphrases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is measured behind walls: a gateway that takes plain HTTP and one that takes Nginx alone,
 * and an Nginx for each set of walls.
 *
 * @param trust the roots of the certificates
 * @param plain the gateway that takes plain HTTP
 * @param mutual the gateway that takes Nginx by mutual TLS
 * @param bare Nginx without mutual TLS behind it and without the WAF
 * @param barePort where {@code bare} takes plain HTTP
 * @param proxy Nginx with mutual TLS, without the WAF
 * @param whole Nginx as it is
 */
record WallParts(
    Path trust, Gateway plain, Gateway mutual, Edge bare, int barePort, Edge proxy, Edge whole) {
  private static final String WAF_ON = "    modsecurity on;\n";
  private static final String WAF_OFF = "    modsecurity off;\n";
  private static final String HOP = "proxy_pass https://gateway;";
  private static final String PLAIN_HOP = "proxy_pass http://gateway;";
  private static final String LISTEN = "    listen ${EDGE_LISTEN}:${EDGE_HTTPS_PORT} ssl http2;\n";

  static WallParts start(Path home, Path folder, Ground ground, Workbench bench, Web web) {
    Path certificates = certificates(folder.resolve("certs"));
    bench.say("starting two gateways and three Nginx");
    Map<String, String> environment = new HashMap<>(ground.nodeEnvironment());
    Gateway plain = gateway("plain", ground, environment, folder, bench, web);
    Gateway mutual =
        gateway("mutual", ground, mutual(environment, certificates), folder, bench, web);
    int barePort = FreePort.any();
    String more = LISTEN + "    listen ${EDGE_LISTEN}:" + barePort + ";\n";
    Edge bare =
        edge(
            Wall.TLS,
            home,
            folder,
            certificates,
            plain,
            Map.of(WAF_ON, WAF_OFF, HOP, PLAIN_HOP, LISTEN, more),
            bench);
    Edge proxy =
        edge(Wall.MUTUAL, home, folder, certificates, mutual, Map.of(WAF_ON, WAF_OFF), bench);
    Edge whole = edge(Wall.WAF, home, folder, certificates, mutual, Map.of(), bench);
    Path trust = certificates.resolve("trust.pem");
    return new WallParts(trust, plain, mutual, bare, barePort, proxy, whole);
  }

  /** Where requests enter. */
  URI address(Wall wall) {
    return switch (wall) {
      case GATEWAY -> plain.address();
      case PROXY -> URI.create("http://127.0.0.1:" + barePort);
      case TLS -> https(bare);
      case MUTUAL -> https(proxy);
      case WAF -> https(whole);
    };
  }

  /** The process of the gateway behind this wall. */
  long gateway(Wall wall) {
    return (wall.compareTo(Wall.MUTUAL) < 0 ? plain : mutual).process().pid();
  }

  /** CPU time of this wall's Nginx so far. */
  long edgeMicros(Wall wall) {
    return switch (wall) {
      case GATEWAY -> 0;
      case PROXY, TLS -> micros(bare);
      case MUTUAL -> micros(proxy);
      case WAF -> micros(whole);
    };
  }

  /** All processes. */
  List<Long> processes() {
    List<Long> all = new ArrayList<>(List.of(plain.process().pid(), mutual.process().pid()));
    for (Edge edge : List.of(bare, proxy, whole)) {
      all.add(edge.process().pid());
      all.addAll(edge.workers());
    }
    return all;
  }

  private static long micros(Edge edge) {
    return edge.workers().stream().mapToLong(ProcessStat::cpuMicros).sum()
        + ProcessStat.cpuMicros(edge.process().pid());
  }

  private static URI https(Edge edge) {
    return URI.create("https://localhost:" + edge.httpsPort());
  }

  private static Path certificates(Path directory) {
    delete(directory);
    CaSettings settings = CaSettings.of(directory, "bench");
    try (var passphrases = new Passphrases(random(), random());
        var authority = CertificateAuthority.init(settings, passphrases, Clock.systemUTC())) {
      authority.issue(IdentityRequest.of("gateway"));
      authority.issue(IdentityRequest.of("nginx"));
      authority.issue(IdentityRequest.of("edge").withDns("localhost").withIp("127.0.0.1"));
    }
    return directory;
  }

  private static Map<String, String> mutual(Map<String, String> environment, Path certificates) {
    Map<String, String> settings = new HashMap<>(environment);
    Path own = certificates.resolve("identities/gateway/current");
    settings.put("PORTCULLIS_TLS_CERTIFICATE", own.resolve("tls.crt").toString());
    settings.put("PORTCULLIS_TLS_KEY", own.resolve("tls.key").toString());
    settings.put("PORTCULLIS_TLS_TRUST", certificates.resolve("trust.pem").toString());
    settings.put("PORTCULLIS_TLS_DENIED", certificates.resolve("denied.json").toString());
    settings.put("PORTCULLIS_HTTP_TLS", "mutual");
    settings.put("PORTCULLIS_HTTP_CLIENTS", "nginx");
    return settings;
  }

  private static Gateway gateway(
      String name,
      Ground ground,
      Map<String, String> environment,
      Path folder,
      Workbench bench,
      Web web) {
    Map<String, String> own = new HashMap<>(environment);
    own.put("PORTCULLIS_NODE_NAME", name);
    own.put("PORTCULLIS_NODE_ENVIRONMENT", "bench");
    own.put("PORTCULLIS_NODE_STATE", folder.resolve("node-" + name).toString());
    own.put("PORTCULLIS_HTTP_PORT", Integer.toString(FreePort.any()));
    own.put("PORTCULLIS_MANAGEMENT_PORT", Integer.toString(FreePort.any()));
    Path log = folder.resolve("gateway-" + name + ".log");
    return Gateway.start(ground.nodeCommand(), ground.configuration(), own, log, bench, web);
  }

  private static Edge edge(
      Wall wall,
      Path home,
      Path folder,
      Path certificates,
      Gateway gateway,
      Map<String, String> changes,
      Workbench bench) {
    Path own = folder.resolve("edge-" + wall.label());
    delete(own);
    Path templates = WallTemplates.copy(home.resolve("nginx"), own.resolve("nginx"), changes);
    String node = "127.0.0.1:" + gateway.address().getPort();
    EdgeSettings settings =
        EdgeSettings.of(home, certificates, own, List.of(node)).withTemplates(templates);
    for (Map.Entry<String, String> value : WallBench.unlimited().entrySet()) {
      settings = settings.with(value.getKey(), value.getValue());
    }
    return bench.keep(Edge.start(settings));
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw BenchFailure.of(folder + " cannot be deleted: " + e.getMessage());
    }
  }

  private static char[] random() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes).toCharArray();
  }
}
