using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.People;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeTenantRequest(string? Name);

internal static class ChangeTenant
{
    public static async Task<Results<Ok<TenantResponse>, ProblemHttpResult>> Handle(
        ChangeTenantRequest request, HttpContext http, TenantRenaming renaming, PageFrames frames, CancellationToken cancellationToken)
    {
        // What is absent stays.
        if (request.Name is { } name && await renaming.RenameAsync(name, http.Actor(), cancellationToken) is { } wrong)
            return wrong.ToResult();
        return await GetTenant.Handle(http, frames, cancellationToken);
    }
}

/// <summary>Gives the tenant another name.</summary>
internal sealed class TenantRenaming(VaultDbContext db, TenantKeys keys, AuditLog audit)
{
    /// <summary>Null means done.</summary>
    public async Task<Problem?> RenameAsync(string name, Actor actor, CancellationToken cancellationToken)
    {
        if (TenantCreation.Check(name) is not null || name.Any(char.IsControl))
            return Problem.Invalid("name", $"an organisation's name has 1 to {TenantCreation.LongestName} characters, on one line.");
        using var key = await keys.DataKeyAsync(cancellationToken);
        var renamed = SealedText.Seal(key, db.TenantId, db.TenantId, Tenant.NameColumn, name.Trim());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.AppendAsync(new AuditEntry("tenant.changed", actor, AuditTargetKind.Tenant, db.TenantId) { Fields = [("name", name.Trim())] }, cancellationToken);
        await db.Tenants.ExecuteUpdateAsync(set => set.SetProperty(tenant => tenant.Name, renamed), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
