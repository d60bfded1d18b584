using System.CommandLine;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Commands;

/// <summary>`tenant create NAME`</summary>
internal static class TenantVerbs
{
    public static readonly Actor Operator = new(AuditActorKind.Operator, null);

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The organisation's name." };
        var command = new Command("create", "Make a tenant with keys and a log of its own; prints its id.") { name };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(vault => CreateAsync(vault, parsed.GetRequiredValue(name), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task CreateAsync(OpenedVault vault, string name, CancellationToken cancellationToken)
    {
        if (TenantCreation.Check(name) is { } wrong)
            throw new VerbRefusedException(wrong.Title);
        var system = vault.Services.GetRequiredService<SystemScope>();
        if (await new TenantByName(system).ListAsync(name, cancellationToken) is { Count: > 0 } taken)
        {
            await TenantVerb.TellAllAsync(system, taken, "tenant create", cancellationToken);
            throw new VerbRefusedException($"There is a tenant \"{name}\" already: {string.Join(", ", taken)}");
        }

        await using var scope = vault.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var id = await scope.ServiceProvider.GetRequiredService<TenantCreation>().AddAsync(name, Operator, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Console.WriteLine(id);
    }
}
