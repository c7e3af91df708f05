/**
 * Keys and certificates: the internal certificate authority, and the material that a node serves
 * with, watched, validated and swapped while it runs. May import config and model.
 */
@NullMarked
package io.portcullis.tls;

import org.jspecify.annotations.NullMarked;
