using Microsoft.Extensions.Options;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Hosting;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Everything that the vault stands on, looked at: for the verb `doctor`, and, by a server that runs, for the operator's page.</summary>
internal sealed class VaultExamination(IServiceProvider services, IOptions<VaultOptions> options, IConfiguration configuration, Readiness readiness, TimeProvider time) : IHealthLook
{
    /// <summary>All checks. The store is tried with objects of the check's own.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. FileChecks.Run(options.Value),
        .. await ActivatorUtilities.CreateInstance<VaultChecks>(services).RunAsync(options.Value, cancellationToken),
        .. await MailAsync(cancellationToken),
        .. await ActivatorUtilities.CreateInstance<MoveChecks>(services).RunAsync(cancellationToken),
        .. await ActivatorUtilities.CreateInstance<RetentionChecks>(services).RunAsync(cancellationToken),
        .. Machine(),
        await SandboxChecks.RunAsync(options.Value),
    ];

    /// <summary>What a page may ask for at any time: nothing is written. That the keys open is known, since the vault runs.</summary>
    async Task<IReadOnlyList<HealthLine>> IHealthLook.LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Finding> findings =
        [
            readiness.IsReady
                ? Finding.Ok("database and store", "answer; they are looked at every ten seconds.")
                : Finding.Unsafe("database and store", "one of them does not answer.", "The server's log and the verb doctor say which."),
            Finding.Ok("vault key", "open in this process."),
            .. FileChecks.Run(options.Value),
            .. await ActivatorUtilities.CreateInstance<VaultChecks>(services).LookAsync(options.Value, cancellationToken),
            .. await MailAsync(cancellationToken),
            .. await ActivatorUtilities.CreateInstance<MoveChecks>(services).RunAsync(cancellationToken),
            .. await ActivatorUtilities.CreateInstance<RetentionChecks>(services).RunAsync(cancellationToken),
            .. Machine(),
        ];
        return [.. findings.Select(finding => new HealthLine(State(finding.Verdict), finding.Subject, finding.Says, finding.Cure))];
    }

    private Task<IReadOnlyList<Finding>> MailAsync(CancellationToken cancellationToken) =>
        ActivatorUtilities.CreateInstance<MailChecks>(services).RunAsync(options.Value, cancellationToken);

    private IEnumerable<Finding> Machine() =>
        AddressChecks.Run(options.Value, string.Join(';', ListenerAddresses.Of(configuration))).Concat(MachineChecks.Run(options.Value.DataPath, time));

    private static HealthState State(Verdict verdict) => verdict switch { Verdict.Ok => HealthState.Good, Verdict.Look => HealthState.Look, _ => HealthState.Bad };
}
