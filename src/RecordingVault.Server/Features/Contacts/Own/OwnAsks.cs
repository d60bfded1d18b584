using System.Threading.Channels;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Contacts.Own;

/// <summary>
/// Asks are worked on after the answer, as those for reset links are: to find somebody and to write to him takes a moment that an unknown address does not take.
/// </summary>
internal sealed partial class OwnAsks(SystemScope system, ILogger<OwnAsks> log) : BackgroundService
{
    private const int Longest = 256;
    private readonly Channel<(Guid TenantId, string Address, Actor Stranger)> asks = Channel.CreateBounded<(Guid, string, Actor)>(new BoundedChannelOptions(Longest) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Takes note without waiting.</summary>
    public void Take(Guid tenantId, string address, Actor stranger)
    {
        if (!asks.Writer.TryWrite((tenantId, address, stranger)))
            TooMany(log);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        asks.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A stop ends the reading only when all that was taken is done: the writer is completed first.
        await foreach (var (tenantId, address, stranger) in asks.Reader.ReadAllAsync(CancellationToken.None))
            await AnswerAsync(tenantId, address, stranger);
    }

    private async Task AnswerAsync(Guid tenantId, string address, Actor stranger)
    {
        try
        {
            await using var scope = system.Enter(tenantId);
            await scope.ServiceProvider.GetRequiredService<OwnMailing>().MailAsync(address, stranger, CancellationToken.None);
        }
        catch (Exception fault) // the edge of a background loop: one failed ask must not end the others
        {
            Failed(log, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 432, Level = LogLevel.Warning, Message = "People ask for their recordings faster than it can be answered; one request is dropped")]
    private static partial void TooMany(ILogger log);

    [LoggerMessage(EventId = 433, Level = LogLevel.Error, Message = "Somebody who asked for his recordings could not be answered: {Fault}")]
    private static partial void Failed(ILogger log, string fault);
}

/// <summary>Counted against the address that is asked for, known or not, and against the place that asks: letters are somebody's peace.</summary>
internal sealed class OwnTries(Throttling throttling, LookupDigest lookup)
{
    private static readonly ThrottleRule ByMail = new("own-mail", 3, TimeSpan.FromHours(1));
    private static readonly ThrottleRule ByAddress = new("own-address", 10, TimeSpan.FromMinutes(15));

    public Task<DateTimeOffset?> TakeAsync(string email, System.Net.IPAddress? from, CancellationToken cancellationToken) =>
        throttling.TryAsync([throttling.Address(from) with { Rule = ByAddress }, new ThrottleSubject(ByMail, lookup.Of(email))], cancellationToken);
}
