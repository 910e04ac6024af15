/**
 * The cluster's certificate authority: makes it, keeps it, issues and judges the certificates of the nodes. Everything
 * happens on the operator's machine; the authority's key never leaves it.
 *
 * <p>{@link io.pgha.certs.CertsClient} shows what every daemon serves, and replaces it under way.
 *
 * <p>Start at {@link io.pgha.certs.Certs}. {@link io.pgha.certs.CertificateAuthority} also stands alone.
 */
@NullMarked
@HouseStyle
package io.pgha.certs;

import io.pgha.certs.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
