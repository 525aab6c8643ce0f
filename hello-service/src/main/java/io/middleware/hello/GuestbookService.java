package io.middleware.hello;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.ListReply;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import io.middleware.starter.idempotency.Idempotent;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Signs and reads the guestbook. A signature is in the book before the caller gets the response, so successful calls
 * can be counted there.
 */
@Service
final class GuestbookService extends GuestbookImplBase {

    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_MESSAGE_LENGTH = 1_000;
    private static final int MAX_LISTED = 10_000;
    private static final int DEFAULT_LISTED = 100;

    private final Work work;
    private final Guestbook book;
    private final InstantSource clock;

    @Autowired
    GuestbookService(Work work, Guestbook book) {
        this(work, book, InstantSource.system());
    }

    GuestbookService(Work work, Guestbook book, InstantSource clock) {
        this.work = work;
        this.book = book;
        this.clock = clock;
    }

    /** With an idempotency key and a database, key, signature and response are written in one transaction. */
    @Override
    @Idempotent
    public void sign(SignRequest request, StreamObserver<Signature> replies) {
        require(!request.getName().isEmpty(), "name", MAX_NAME_LENGTH, request.getName(), "1");
        require(true, "message", MAX_MESSAGE_LENGTH, request.getMessage(), "0");
        Signature signature = work.during(() -> {
            Signature signed = Signature.newBuilder()
                    .setName(request.getName())
                    .setMessage(request.getMessage())
                    .setCallId(CallIds.current())
                    .setSignedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                    .build();
            book.append(signed);
            return signed;
        });
        replies.onNext(signature);
        replies.onCompleted();
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListReply> replies) {
        int most = request.getMost();
        if (most < 0 || most > MAX_LISTED) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("most: expected 0 to " + MAX_LISTED + ", was " + most)
                    .asRuntimeException();
        }
        replies.onNext(ListReply.newBuilder()
                .addAllSignatures(book.last(most == 0 ? DEFAULT_LISTED : most))
                .build());
        replies.onCompleted();
    }

    private static void require(boolean valid, String field, int maxLength, String text, String least) {
        if (!valid || text.length() > maxLength || text.chars().anyMatch(Character::isISOControl)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(field + ": expected " + least + " to " + maxLength
                            + " characters, none of them a control character")
                    .asRuntimeException();
        }
    }
}
