/** Lines of pg_hba.conf, as PostgreSQL reads them. */
@NullMarked
package io.pgha.model.hba;

import org.jspecify.annotations.NullMarked;
