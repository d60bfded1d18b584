using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags.DataUse;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.UsageTags;

/// <param name="Tag">What machines may do at the most, whatever a recording's own tag says; absent where it stays.</param>
/// <param name="NeedConsent">The uses that need everybody's consent; absent where they stay.</param>
/// <param name="Approval">Whether a second person's approval is taken where consent to a looser tag is missing; absent where it stays. An Owner's to decide.</param>
/// <param name="Reason">Needed where machines may do more than before; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UsagePolicyRequest(string? Tag, IReadOnlyList<string?>? NeedConsent, string? Reason, bool? Approval = null);

internal sealed record UsagePolicyResponse(string Tag, IReadOnlyList<string> NeedConsent, bool Approval);

/// <summary>GET and PUT /api/v1/tenant/usage.</summary>
internal static class ChangeUsagePolicy
{
    public static async Task<Ok<UsagePolicyResponse>> Read(UsagePolicyChange change, CancellationToken cancellationToken) => TypedResults.Ok(await change.ReadAsync(cancellationToken));

    public static async Task<Results<Ok<UsagePolicyResponse>, ProblemHttpResult>> Handle(UsagePolicyRequest request, HttpContext http, UsagePolicyChange change, CancellationToken cancellationToken) =>
        await change.ApplyAsync(request, http, cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.Ok(await change.ReadAsync(cancellationToken));
}

/// <summary>
/// The organisation's word on use, in a transaction with its event. It is an Owner's or an Admin's; tightening holds at the next byte of everything, and loosening is done in person, with a
/// fresh sign-in and a reason.
/// </summary>
internal sealed class UsagePolicyChange(VaultDbContext db, DataUseStatements statements, AuditLog audit, TimeProvider time)
{
    public async Task<UsagePolicyResponse> ReadAsync(CancellationToken cancellationToken)
    {
        var tenant = await db.Tenants.AsNoTracking().SingleAsync(cancellationToken);
        return new UsagePolicyResponse(tenant.UsageTag.Name, [.. UsageWords.UsesOfRow(tenant.UsesNeedingConsent).Order().Select(use => use.Name())], tenant.ApprovalSince is not null);
    }

    /// <returns>Why nothing was changed; null where it stands as was asked.</returns>
    public async Task<Problem?> ApplyAsync(UsagePolicyRequest request, HttpContext http, CancellationToken cancellationToken)
    {
        if (request.Tag is not null && UsageTag.Parse(request.Tag) is null)
            return UsageProblems.NoSuchTag;
        var uses = request.NeedConsent?.Select(UsageWords.UseOf).ToList();
        if (uses?.Contains(null) is true)
            return UsageProblems.NoSuchUse;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var tenant = await db.Tenants.SingleAsync(cancellationToken);
        var before = Of(tenant);
        var tag = request.Tag is null ? before.Tag : UsageTag.Parse(request.Tag)!;
        var need = uses is null ? UsageWords.WriteUses(before.NeedConsent) : UsageWords.WriteUses(uses.OfType<Use>());
        var isPolicyChanged = tag != before.Tag || need != UsageWords.WriteUses(before.NeedConsent);
        var isTaken = tenant.ApprovalSince is not null;
        var approval = request.Approval ?? isTaken;
        var isApprovalChanged = approval != isTaken;
        if (!isPolicyChanged && !isApprovalChanged)
            return null;
        var isLooser = (isApprovalChanged && approval) || !tag.Rights.IsAsStrictAs(before.Tag.Rights) || !before.NeedConsent.IsSubsetOf(UsageWords.UsesOfRow(need));
        var entry = new AuditEntry(isLooser ? "usage-policy.loosened" : "usage-policy.tightened", http.Actor(), AuditTargetKind.Tenant, db.TenantId)
        {
            ChangesPermission = true,
            Fields =
            [
                ("tag", tag.Name), ("before", before.Tag.Name), ("consent", need), ("consent-before", UsageWords.WriteUses(before.NeedConsent)),
                .. isApprovalChanged ? [("approval", approval ? "taken" : "not-taken")] : Array.Empty<(string, string?)>(),
            ],
        };
        if ((isApprovalChanged && http.User.RoleInTenant() is not Role.Owner ? UsageProblems.ApprovalForOwners : isLooser ? UsageProblems.Refusal(http, request.Reason, time.GetUtcNow()) : null) is { } refusal)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (refusal == Problem.PersonNeeded || refusal == UsageProblems.ApprovalForOwners)
                await audit.WriteAsync(entry with { ChangesPermission = false, Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
            return refusal;
        }

        // His role may have been changed since the request came in.
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin } standing)
            return UsageProblems.NotLoosened;
        if (isApprovalChanged && standing.Role is not Role.Owner)
            return UsageProblems.ApprovalForOwners;
        if (isPolicyChanged)
            await statements.AddAsync(tenant, tag, need, cancellationToken);
        (tenant.UsageTag, tenant.UsesNeedingConsent) = (tag, need);
        if (isApprovalChanged)
            tenant.ApprovalSince = approval ? time.Now() : null;
        await audit.AppendAsync(isLooser ? entry with { Fields = [.. entry.Fields, ("why", request.Reason!.Trim())] } : entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static UsagePolicy Of(Tenant tenant) => new(tenant.UsageTag, UsageWords.UsesOfRow(tenant.UsesNeedingConsent));
}
