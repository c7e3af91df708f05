/** The firewall: its rules against attacks and talk, and the reader of its log. */
@NullMarked
package io.portcullis.waf;

import org.jspecify.annotations.NullMarked;
