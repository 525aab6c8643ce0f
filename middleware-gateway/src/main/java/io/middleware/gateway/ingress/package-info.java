/** Where calls come in: what its kinds have in common. */
package io.middleware.gateway.ingress;
