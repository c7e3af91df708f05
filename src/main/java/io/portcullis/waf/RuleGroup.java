package io.portcullis.waf;

import java.util.List;
import java.util.Locale;

/** What kind of attack a rule looks for: the bounded set that metrics are labelled with. */
enum RuleGroup {
  SQLI,
  XSS,
  LFI,
  RFI,
  SSRF,
  RCE,
  PHP,
  JAVA,
  NODEJS,
  CODE,
  SSTI,
  NOSQL,
  LDAP,
  XPATH,
  XXE,
  SESSION,
  SCANNER,
  TOKEN,
  SIZE,
  MANAGEMENT,
  JSON,
  CHAT,
  PROTOCOL,
  OTHER;

  private static final String OURS = "portcullis/";

  /** Of one rule: our own tag, else the number range that the CRS gives each of its files. */
  static RuleGroup of(int ruleId, List<String> tags) {
    for (String tag : tags) {
      if (tag.startsWith(OURS)) {
        for (RuleGroup group : values()) {
          if (group.label().equals(tag.substring(OURS.length()))) {
            return group;
          }
        }
      }
    }
    return switch (ruleId / 1_000) {
      case 911, 920, 921, 922 -> PROTOCOL;
      case 913 -> SCANNER;
      case 930 -> LFI;
      case 931 -> RFI;
      case 932 -> RCE;
      case 933 -> PHP;
      case 934 -> generic(tags);
      case 941 -> XSS;
      case 942 -> SQLI;
      case 943 -> SESSION;
      case 944 -> JAVA;
      default -> OTHER;
    };
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one file of the CRS whose rules look for several things. */
  private static RuleGroup generic(List<String> tags) {
    if (tags.contains("attack-ssrf")) {
      return SSRF;
    }
    return tags.contains("attack-ssti") ? SSTI : NODEJS;
  }
}
