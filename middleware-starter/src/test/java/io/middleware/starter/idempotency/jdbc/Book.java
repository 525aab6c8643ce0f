package io.middleware.starter.idempotency.jdbc;

import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.ListReply;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import io.middleware.starter.idempotency.Idempotent;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A service as an application would write it: each signature is a row. What else it does, a test says. */
@Idempotent(finalErrors = io.grpc.Status.Code.FAILED_PRECONDITION)
class Book extends GuestbookImplBase {

    /** What a test has the method do after it has written. */
    interface Then {
        void run(SignRequest request, StreamObserver<Signature> replies);
    }

    private final JdbcTemplate jdbc;
    volatile Then then = Book::respond;

    Book(DataSource database) {
        jdbc = new JdbcTemplate(database);
        jdbc.execute("create table if not exists signature (name varchar(100), message varchar(1000))");
    }

    @Override
    public void sign(SignRequest request, StreamObserver<Signature> replies) {
        write(request);
        then.run(request, replies);
    }

    void write(SignRequest request) {
        jdbc.update("insert into signature values (?, ?)", request.getName(), request.getMessage());
    }

    static void respond(SignRequest request, StreamObserver<Signature> replies) {
        replies.onNext(Signature.newBuilder()
                .setName(request.getName())
                .setCallId(Long.toString(System.nanoTime()))
                .build());
        replies.onCompleted();
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListReply> replies) {
        replies.onNext(ListReply.getDefaultInstance());
        replies.onCompleted();
    }

    List<String> names() {
        return jdbc.queryForList("select name from signature", String.class);
    }

    long signed(String name) {
        return names().stream().filter(name::equals).count();
    }
}
