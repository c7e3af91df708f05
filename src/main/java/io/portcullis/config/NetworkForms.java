package io.portcullis.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hosts, networks and addresses of services. Nothing here asks DNS. */
final class NetworkForms {
  private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern LOOKS_NUMERIC = Pattern.compile("(.*\\.)?[0-9]+");
  private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f.:]+)(?:/([0-9]{1,3}))?");

  private static final Pattern ENDPOINT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([^:\\[\\]]+)):([0-9]{1,5})");

  private NetworkForms() {}

  static Form<String> hostName() {
    return new Form<>(
        "a host name or an IP address",
        "127.0.0.1",
        text -> {
          if (!isAddress(text) && !isName(text)) {
            throw new BadValueException("is not a host");
          }
          return text;
        });
  }

  /** A host and a port: {@code redis:6379}, {@code [::1]:6379}. */
  static Form<Endpoint> endpoint() {
    return new Form<>(
        "a host and a port such as redis:6379", "redis:6379", NetworkForms::parseEndpoint);
  }

  /** The end of host names, {@code .example.com}; may be empty. */
  static Form<String> hostSuffix() {
    return new Form<>(
        "the end of host names, such as .example.com, or empty",
        ".example.com",
        text -> {
          if (!text.isEmpty() && (!text.startsWith(".") || !isName(text.substring(1)))) {
            throw new BadValueException("is not the end of host names");
          }
          return text.toLowerCase(Locale.ROOT);
        });
  }

  /** A network in CIDR form; a single address gets its full prefix. */
  static Form<String> network() {
    return new Form<>("a network such as 10.0.0.0/8", "10.0.0.0/8", NetworkForms::parseNetwork);
  }

  /** An absolute http or https address. */
  static Form<URI> address() {
    return new Form<>(
        "an http or https address", "https://service.example.com", NetworkForms::parseAddress);
  }

  /** An address where a listener in between could do harm: plain http only within this machine. */
  static Form<URI> protectedAddress() {
    return new Form<>(
        "an https address (http only on this machine)",
        "https://login.example.com",
        text -> {
          URI uri = parseAddress(text);
          if (!"https".equalsIgnoreCase(uri.getScheme()) && !isLoopback(uri.getHost())) {
            throw new BadValueException("is plain http to another machine");
          }
          return uri;
        });
  }

  /**
   * Scheme, host and port that browsers see, as they write an origin (RFC 6454, section 6.2): lower
   * case, without the scheme's own port.
   */
  static Form<URI> publicOrigin() {
    return new Form<>(
        "an https address without a path (http only on this machine)",
        "https://api.example.com",
        text -> {
          URI uri = protectedAddress().parse(text);
          String path = uri.getRawPath();
          if (path != null && !path.isEmpty() && !path.equals("/")) {
            throw new BadValueException("has a path");
          }
          String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
          boolean usual = uri.getPort() == (scheme.equals("https") ? 443 : 80);
          String port = uri.getPort() < 0 || usual ? "" : ":" + uri.getPort();
          return URI.create(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port);
        });
  }

  /**
   * An origin exactly as browsers serialise it (Fetch Standard, section 2.2.1), so that comparing
   * texts compares origins: no path, no default port, nothing in capitals. Never {@code null},
   * which is the origin of every page that has none, and never a wildcard.
   */
  static Form<String> origin() {
    return new Form<>(
        "an https origin such as https://app.example.com (http only on this machine)",
        "https://app.example.com",
        NetworkForms::parseOrigin);
  }

  /** Whether a host is this machine, by its name or literal alone. */
  static boolean isLoopback(String host) {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return "localhost".equalsIgnoreCase(bare)
        || (isAddress(bare) && InetAddress.ofLiteral(bare).isLoopbackAddress());
  }

  private static boolean isName(String text) {
    // A last label of digits only is a mistyped address (RFC 1123, 2.1), never a name.
    return text.length() <= 253
        && NAME.matcher(text).matches()
        && !LOOKS_NUMERIC.matcher(text).matches();
  }

  private static boolean isAddress(String text) {
    try {
      if (text.indexOf(':') >= 0) {
        Inet6Address.ofLiteral(text);
        return text.indexOf('%') < 0 && text.indexOf('[') < 0;
      }
      // The JDK also reads short forms such as 127.1; only what prints the same is meant.
      return Inet4Address.ofLiteral(text).getHostAddress().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String parseNetwork(String text) {
    Matcher matcher = NETWORK.matcher(text);
    if (!matcher.matches() || !isAddress(matcher.group(1))) {
      throw new BadValueException("is not a network");
    }
    byte[] address = InetAddress.ofLiteral(matcher.group(1)).getAddress();
    int bits = address.length * 8;
    int prefix = matcher.group(2) == null ? bits : Integer.parseInt(matcher.group(2));
    if (prefix > bits) {
      throw new BadValueException("has a prefix longer than its address");
    }
    if (prefix == 0) {
      throw new BadValueException("is everybody");
    }
    for (int bit = prefix; bit < bits; bit++) {
      if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
        throw new BadValueException("has bits set beyond its prefix");
      }
    }
    return matcher.group(1) + "/" + prefix;
  }

  private static Endpoint parseEndpoint(String text) {
    Matcher matcher = ENDPOINT.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException("is not a host and a port");
    }
    String bare = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    boolean bracketed = matcher.group(1) != null;
    if (bracketed != (bare.indexOf(':') >= 0) || !(isAddress(bare) || isName(bare))) {
      throw new BadValueException("has no valid host");
    }
    int port = Integer.parseInt(matcher.group(3));
    if (port < 1 || port > 65_535) {
      throw new BadValueException("has no valid port");
    }
    return new Endpoint(bare, port);
  }

  private static String parseOrigin(String text) {
    if (text.equals("null") || text.contains("*")) {
      throw new BadValueException("would admit pages that nobody knows");
    }
    URI uri = publicOrigin().parse(text);
    if (!uri.getHost().startsWith("[") && !isAddress(uri.getHost()) && !isName(uri.getHost())) {
      throw new BadValueException("has no valid host");
    }
    String serialised = uri.toString();
    if (!serialised.equals(text)) {
      throw new BadValueException("is not written as browsers write it: " + serialised);
    }
    return serialised;
  }

  private static URI parseAddress(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new BadValueException("is not an address");
    }
    String scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new BadValueException("is not http or https");
    }
    if (uri.getHost() == null || uri.getPort() > 65535 || uri.getPort() == 0) {
      throw new BadValueException("has no valid host and port");
    }
    if (uri.getRawUserInfo() != null) {
      throw new BadValueException("carries credentials");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new BadValueException("has a query or a fragment");
    }
    return uri;
  }
}
