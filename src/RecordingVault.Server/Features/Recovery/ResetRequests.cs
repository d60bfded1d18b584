using System.Threading.Channels;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>
/// Asks for reset links are worked on after the answer: finding an account, making a link and putting down a letter take a moment that an unknown address
/// does not take, and the answer would give away which addresses have an account.
/// </summary>
internal sealed partial class ResetRequests(IServiceScopeFactory scopes, ILogger<ResetRequests> log) : BackgroundService
{
    private const int Longest = 256;
    private readonly Channel<(string Address, Actor Stranger)> requests = Channel.CreateBounded<(string, Actor)>(new BoundedChannelOptions(Longest) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Takes note without waiting.</summary>
    public void Take(string address, Actor stranger)
    {
        if (!requests.Writer.TryWrite((address, stranger)))
            TooMany(log);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        requests.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A stop ends the reading only when all that was taken is done: the writer is completed first.
        await foreach (var (address, stranger) in requests.Reader.ReadAllAsync(CancellationToken.None))
            await AnswerAsync(address, stranger);
    }

    private async Task AnswerAsync(string address, Actor stranger)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var member = await scope.ServiceProvider.GetRequiredService<MemberDirectory>().FindAsync(address, CancellationToken.None);
            if (member is not null && (await scope.ServiceProvider.GetRequiredService<MemberTenants>().ListAsync(member.Id, CancellationToken.None)).Count > 0)
                await scope.ServiceProvider.GetRequiredService<ResetLinks>().MailAsync(member, stranger, CancellationToken.None);
        }
        catch (Exception fault) // the edge of a background loop: one failed request must not end the others
        {
            Failed(log, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 430, Level = LogLevel.Warning, Message = "Reset links are asked for faster than they can be made; one request is dropped")]
    private static partial void TooMany(ILogger log);

    [LoggerMessage(EventId = 431, Level = LogLevel.Error, Message = "A reset link could not be made: {Fault}")]
    private static partial void Failed(ILogger log, string fault);
}
