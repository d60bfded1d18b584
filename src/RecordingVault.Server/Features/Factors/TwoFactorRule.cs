using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Factors;

/// <summary>An Owner asks all members of his tenant for two factors, or does so no more. Only who came in with two himself may: nobody shuts the door behind which he stands.</summary>
internal static class SetTwoFactorRule
{
    public const string Path = "/settings/two-factors";
    private const string Back = SettingsPaths.Organisation;

    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(HttpContext http, TwoFactorRule rule, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (form["required"] is not ("true" or "false"))
            return Problem.Invalid("required", "is true or false.").ToResult();
        if (!http.User.HasTwoFactors())
            return FactorProblems.OwnerNeedsTwo.ToResult();
        await rule.SetAsync(form["required"] == "true", http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect(Back);
    }
}

internal sealed class TwoFactorRule(VaultDbContext db, AuditLog audit)
{
    public Task<bool> IsOnAsync(CancellationToken cancellationToken) => db.Tenants.AsNoTracking().Select(tenant => tenant.RequiresTwoFactors).SingleAsync(cancellationToken);

    /// <summary>Setting what is set already is no event. From the next request on, and in what runs already, it holds for every session and token of the tenant.</summary>
    public async Task SetAsync(bool isRequired, Actor actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var tenant = await db.Tenants.SingleAsync(cancellationToken);
        if (tenant.RequiresTwoFactors == isRequired)
            return;
        tenant.RequiresTwoFactors = isRequired;
        var type = isRequired ? "two-factors.required" : "two-factors.not-required";
        await audit.AppendAsync(new AuditEntry(type, actor, AuditTargetKind.Tenant, db.TenantId) { ChangesPermission = true }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
