/** Texts and trees of JSON and YAML as Patroni reads and prints them. */
@NullMarked
package io.pgha.patroni.internal.text;

import org.jspecify.annotations.NullMarked;
