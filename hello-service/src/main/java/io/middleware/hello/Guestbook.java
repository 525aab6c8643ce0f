package io.middleware.hello;

import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.Signature;
import java.util.List;

/** Where signatures are kept: a database for all servers, or a file for each. */
interface Guestbook {

    /**
     * Writes a signature. When it returns, the signature outlives this process.
     *
     * @throws StatusRuntimeException that says whether the signature may be in the book
     */
    void append(Signature signature);

    /**
     * Returns the last signatures, oldest first.
     *
     * @throws StatusRuntimeException if the book cannot be read
     */
    List<Signature> last(int max);
}
