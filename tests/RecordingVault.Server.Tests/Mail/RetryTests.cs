using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Commands.Checks;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Tests.Mail;

/// <summary>Servers that are away, refuse or take too long, and a vault that dies in between: sent again, and never lost before its time.</summary>
public sealed class RetryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Letter Hello(string address = "helen@example.com") => new(MailKind.Notice, address, "Hello", "A line\n");

    [Fact]
    public async Task A_server_that_was_away_gets_the_letter_when_it_is_back()
    {
        var port = MailSink.FreePort();
        await using var vault = await MailingVault.StartAsync(port);
        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);
        Assert.Equal("unreachable", Assert.Single(await vault.RowsAsync(Ct)).Failure);

        await using var sink = await MailSink.StartAsync(port);
        await vault.SendAsync(Ct);
        Assert.Equal(0, sink.Waiting); // not due yet
        vault.Clock.Advance(SendMailJob.WaitAfter(1));
        await vault.SendAsync(Ct);

        Assert.Equal("helen@example.com", (await sink.NextAsync(Ct)).To);
        Assert.Empty(await vault.RowsAsync(Ct));
    }

    [Fact]
    public void The_wait_doubles_up_to_four_hours() =>
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 240, 240], Enumerable.Range(1, 10).Select(tries => (int)SendMailJob.WaitAfter(tries).TotalMinutes));

    [Fact]
    public async Task While_the_server_is_away_one_letter_asks_for_all()
    {
        await using var vault = await MailingVault.StartAsync(MailSink.FreePort());
        await vault.PutAsync(Hello(), Ct);
        await vault.PutAsync(Hello("ben@example.com"), Ct);

        await vault.SendAsync(Ct);

        Assert.Equal([1, 0], (await vault.RowsAsync(Ct)).Select(row => row.Tries));
    }

    [Fact]
    public async Task A_refused_recipient_is_given_up_and_holds_up_nobody()
    {
        await using var sink = await MailSink.StartAsync();
        sink.Refuses = address => address.StartsWith("nobody", StringComparison.Ordinal);
        await using var vault = await MailingVault.StartAsync(sink.Port);
        await vault.PutAsync(Hello("nobody@example.com"), Ct);
        await vault.PutAsync(Hello(), Ct);

        await vault.SendAsync(Ct);

        Assert.Equal("helen@example.com", (await sink.NextAsync(Ct)).To);
        var row = Assert.Single(await vault.RowsAsync(Ct));
        Assert.Equal("recipient-refused", row.Failure);
        Assert.NotNull(row.GivenUpAt);
        Assert.Null(row.Recipient);
        Assert.Null(row.Text);
    }

    [Fact]
    public async Task After_three_days_a_letter_is_given_up_and_doctor_says_so_for_thirty()
    {
        await using var vault = await MailingVault.StartAsync(MailSink.FreePort());
        await vault.PutAsync(Hello(), Ct);
        await vault.SendAsync(Ct);
        vault.Clock.Advance(Letter.UsualLife);
        await vault.SendAsync(Ct);

        var row = Assert.Single(await vault.RowsAsync(Ct));
        Assert.NotNull(row.GivenUpAt);
        Assert.Null(row.Subject);
        var findings = await FindingsAsync(vault);
        Assert.Contains(findings, finding => finding is { Subject: "letters", Verdict: Verdict.Look } && finding.Says.Contains("unreachable", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding is { Subject: "mail", Verdict: Verdict.Unsafe });

        vault.Clock.Advance(SendMailJob.Remembered + TimeSpan.FromMinutes(1));
        await vault.SendAsync(Ct);
        Assert.Empty(await vault.RowsAsync(Ct));
    }

    [Fact]
    public async Task A_letter_whose_link_has_ended_is_not_sent()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);
        await vault.PutAsync(Hello() with { Life = TimeSpan.FromHours(1) }, Ct);
        vault.Clock.Advance(TimeSpan.FromHours(1));

        await vault.SendAsync(Ct);

        Assert.Equal("too-late", Assert.Single(await vault.RowsAsync(Ct)).Failure);
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task Killed_between_sending_and_noting_it_the_vault_sends_once_more_under_the_same_id()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);
        await vault.PutAsync(Hello(), Ct);

        using (NoDeleting(vault))
            await vault.SendAsync(Ct);
        var first = await sink.NextAsync(Ct);
        await vault.SendAsync(Ct);
        Assert.Equal(0, sink.Waiting); // nobody else takes it while it may still be on its way
        vault.Clock.Advance(SendMailJob.Taken);
        await vault.SendAsync(Ct);
        var second = await sink.NextAsync(Ct);

        Assert.Equal(first.Message.MessageId, second.Message.MessageId);
        Assert.Empty(await vault.RowsAsync(Ct));
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task Two_nodes_send_a_letter_once()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);
        await vault.PutAsync(Hello(), Ct);

        await Task.WhenAll(vault.SendAsync(Ct), vault.SendAsync(Ct), vault.SendAsync(Ct));

        await sink.NextAsync(Ct);
        Assert.Equal(0, sink.Waiting);
    }

    [Fact]
    public async Task Doctor_finds_a_server_that_lets_the_vault_in()
    {
        await using var sink = await MailSink.StartAsync();
        await using var vault = await MailingVault.StartAsync(sink.Port);

        Assert.Equal(Verdict.Ok, Assert.Single(await FindingsAsync(vault)).Verdict);
    }

    private static async Task<IReadOnlyList<Finding>> FindingsAsync(MailingVault vault)
    {
        await using var scope = vault.Vault.Services.CreateAsyncScope();
        var options = scope.ServiceProvider.GetRequiredService<Microsoft.Extensions.Options.IOptions<VaultOptions>>().Value;
        return await ActivatorUtilities.CreateInstance<MailChecks>(scope.ServiceProvider).RunAsync(options, Ct);
    }

    /// <summary>As if the process ended just before the row goes.</summary>
    private static DeletingWatch NoDeleting(MailingVault vault)
    {
        var own = vault.Vault.Services.GetRequiredService<DbContextOptions>();
        return new DeletingWatch(happened =>
        {
            if (happened.Context!.GetService<IDbContextOptions>() == own && IsOfOneLetter(happened.Command.CommandText))
                throw new InvalidOperationException("The process is gone.");
        });
    }

    /// <summary>As either engine writes it; the other deletion, of what was given up long ago, looks at its date.</summary>
    private static bool IsOfOneLetter(string sql) =>
        sql.StartsWith("DELETE", StringComparison.Ordinal) && sql.Contains("outgoing_mails", StringComparison.Ordinal) && !sql.Contains("given_up_at", StringComparison.Ordinal);

    private sealed class DeletingWatch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly Action<CommandEventData> act;
        private readonly List<IDisposable> subscriptions = [];

        public DeletingWatch(Action<CommandEventData> act)
        {
            this.act = act;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
                subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData happened)
                act(happened);
        }

        public void OnCompleted()
        {
            // The listeners live as long as the process.
        }

        public void OnError(Exception error)
        {
            // Diagnostic listeners report none.
        }

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
