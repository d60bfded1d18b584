using System.Threading.Channels;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// Tells a member's tenants of a refused sign-in, after the answer: writing their logs takes a moment that an unknown account would not take,
/// and the answer would give away which addresses have an account. A refusal lets nothing out, so its event need not stand before the answer.
/// </summary>
internal sealed partial class SignInRefusals(MemberTenants tenants, ILogger<SignInRefusals> log) : BackgroundService
{
    private const int Longest = 1_024;
    private readonly Channel<(Guid MemberId, Actor Stranger, string? Reason)> refusals = Channel.CreateBounded<(Guid, Actor, string?)>(new BoundedChannelOptions(Longest) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Takes note without waiting. The stranger is nobody that we know: only his address and program are told.</summary>
    /// <param name="reason">A slug, where more was wrong or right than address and password.</param>
    public void Tell(Guid? memberId, Actor stranger, string? reason = null)
    {
        if (memberId is not { } id)
            UnknownAccount(log);
        else if (!refusals.Writer.TryWrite((id, stranger, reason)))
            NotTold(log, id);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        refusals.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A stop ends the reading only when all that was noted is told: the writer is completed first.
        await foreach (var (memberId, stranger, reason) in refusals.Reader.ReadAllAsync(CancellationToken.None))
            await TellAsync(memberId, stranger, reason);
    }

    private async Task TellAsync(Guid memberId, Actor stranger, string? reason)
    {
        try
        {
            var entry = new AuditEntry("member.sign-in-refused", stranger, AuditTargetKind.Member, memberId) { Outcome = AuditOutcome.Refused, Fields = [("reason", reason)] };
            var tenantIds = await tenants.ListAsync(memberId, CancellationToken.None);
            await tenants.InEachAsync(tenantIds, services => services.GetRequiredService<AuditLog>().WriteAsync(entry, CancellationToken.None));
        }
        catch (Exception fault) // the edge of a background loop: one failed write must not end the telling
        {
            Failed(log, memberId, fault.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 400, Level = LogLevel.Information, Message = "A sign-in was refused: no such account")]
    private static partial void UnknownAccount(ILogger log);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "Refused sign-ins of member {MemberId} come faster than they can be logged; one is not in the log")]
    private static partial void NotTold(ILogger log, Guid memberId);

    [LoggerMessage(EventId = 402, Level = LogLevel.Error, Message = "A refused sign-in of member {MemberId} could not be logged: {Fault}")]
    private static partial void Failed(ILogger log, Guid memberId, string fault);
}
