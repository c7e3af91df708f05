package io.portcullis.bench;

/** What a request passes; each has everything that the one before it has. */
enum Wall {
  /** Plain HTTP to the gateway, which proves the token, counts the limits, asks the upstream. */
  GATEWAY("the gateway alone"),
  /** Nginx in front with headers, limits and log, plain HTTP on both sides. */
  PROXY("+ Nginx"),
  /** The client comes by TLS. */
  TLS("+ TLS with the client"),
  /** Nginx and the gateway prove themselves to each other. */
  MUTUAL("+ mutual TLS to the gateway"),
  /** ModSecurity reads the request with the core rule set and the rules of this project. */
  WAF("+ the WAF");

  private final String title;

  Wall(String title) {
    this.title = title;
  }

  /** What stands in the table. */
  String title() {
    return title;
  }

  /** How its Nginx is called in folders and logs. */
  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
