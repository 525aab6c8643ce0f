/**
 * What the gateway tells by server reflection: the files of all services that are up, as one consistent set.
 *
 * <p>Begin with {@code CatalogWatch}, which makes a new {@code Catalog} when services or their files change. {@code
 * CatalogBuilder} merges the files of all services; {@code FileGraph} reads them with their imports, {@code StrictFile}
 * takes out promises that not all versions make, {@code FileNames} renames those that share a name but not their
 * contents. {@code CatalogIndex} finds symbols and extensions.
 */
@NullMarked
package io.middleware.gateway.reflection;

import org.jspecify.annotations.NullMarked;
