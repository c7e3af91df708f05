package io.portcullis.config;

import java.util.List;
import java.util.Map;

/** What a YAML file says, with lines (from 1), before anybody asks what it means. */
sealed interface YamlNode {
  int line();

  /** What to call it in an error; never its text, which may be a secret in the wrong place. */
  String noun();

  /** A value; {@code empty} when nothing (or {@code null}) stands there. */
  record Scalar(int line, String text, boolean empty) implements YamlNode {
    @Override
    public String noun() {
      return empty ? "nothing" : "a single value";
    }
  }

  record Sequence(int line, List<YamlNode> items) implements YamlNode {
    @Override
    public String noun() {
      return "a list";
    }
  }

  record Mapping(int line, Map<String, Member> members) implements YamlNode {
    @Override
    public String noun() {
      return "a section";
    }
  }

  /** A key's line and what stands there. */
  record Member(int line, YamlNode value) {}
}
