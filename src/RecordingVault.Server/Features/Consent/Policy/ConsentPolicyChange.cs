using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy.Regions;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Consent.Policy;

/// <param name="Label">For recordings of this label alone; absent for all.</param>
/// <param name="Needs">nobody, no-objection or everybody.</param>
/// <param name="WhenMissing">warn, allow-with-reason or refuse.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ConsentRuleRequest(string? Label, string? Purpose, string? Needs, string? WhenMissing);

/// <param name="Rules">All of them: what is not named becomes the usual rule, no-objection and refuse. Absent, where regions are given, leaves them as they are.</param>
/// <param name="Regions">All of them; absent leaves them as they are.</param>
/// <param name="Reason">Needed where content may leave with less than before; the log keeps it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ConsentPolicyRequest(IReadOnlyList<ConsentRuleRequest?>? Rules, IReadOnlyList<RegionRequest?>? Regions, string? Reason);

internal sealed record ConsentRuleResponse(string? Label, string Purpose, string Needs, string WhenMissing);

internal sealed record ConsentPolicyResponse(IReadOnlyList<ConsentRuleResponse> Rules, IReadOnlyList<RegionResponse> Regions)
{
    public static ConsentPolicyResponse Of(ConsentPolicy policy) => new(
        [.. policy.Rules.OrderBy(rule => rule.Key.Label is { } label ? (int)label : -1).ThenBy(rule => rule.Key.Purpose)
            .Select(rule => new ConsentRuleResponse(rule.Key.Label?.Name(), rule.Key.Purpose.Name(), ConsentWords.Name(rule.Value.Needs), ConsentWords.Name(rule.Value.WhenMissing)))],
        [.. policy.Regions.Select(region => new RegionResponse(region.Code, region.Name, ConsentWords.Name(region.Rule)))]);
}

/// <summary>GET and PUT /api/v1/tenant/consent.</summary>
internal static class ChangeConsentPolicy
{
    public static async Task<Ok<ConsentPolicyResponse>> Read(ConsentQuestion question, CancellationToken cancellationToken) => TypedResults.Ok(ConsentPolicyResponse.Of(await question.PolicyAsync(cancellationToken)));

    public static async Task<Results<Ok<ConsentPolicyResponse>, ProblemHttpResult>> Handle(ConsentPolicyRequest request, HttpContext http, ConsentQuestion question, ConsentPolicyChange change, CancellationToken cancellationToken)
    {
        var (rules, wrong) = ReadRules(request);
        var (regions, unfit) = RegionRequests.Read(request.Regions);
        return (wrong ?? unfit ?? await change.ApplyAsync(before => new ConsentPolicy(rules ?? before.Rules, regions ?? before.Regions), request.Reason, http, cancellationToken)) is { } refusal
            ? refusal.ToResult()
            : TypedResults.Ok(ConsentPolicyResponse.Of(await question.PolicyAsync(cancellationToken)));
    }

    private static (Dictionary<(ConfidentialityLabel? Label, Purpose Purpose), PurposeRule>? Rules, Problem? Problem) ReadRules(ConsentPolicyRequest request)
    {
        if (request.Rules is null && request.Regions is not null)
            return (null, null);
        var rules = new Dictionary<(ConfidentialityLabel?, Purpose), PurposeRule>();
        foreach (var (place, rule) in (request.Rules ?? []).Index())
        {
            var label = RecordingNames.LabelOf(rule?.Label);
            if (rule is null || (label is null && rule.Label is not null))
                return Wrong("label", "it is public, internal, confidential or restricted, or absent for all.");
            if (ConsentWords.PurposeOf(rule.Purpose) is not { } purpose || !ConsentPolicy.Purposes.Contains(purpose))
                return Wrong("purpose", $"it is one of {string.Join(", ", ConsentPolicy.Purposes.Select(known => known.Name()))}.");
            if (ConsentWords.Of(Enum.GetValues<ConsentNeed>(), rule.Needs) is not { } needs)
                return Wrong("needs", $"it is one of {ConsentWords.List(Enum.GetValues<ConsentNeed>())}.");
            if (ConsentWords.Of(Enum.GetValues<WhenMissing>(), rule.WhenMissing) is not { } missing)
                return Wrong("whenMissing", $"it is one of {ConsentWords.List(Enum.GetValues<WhenMissing>())}.");
            if (!rules.TryAdd((label, purpose), new PurposeRule(needs, missing)))
                return Wrong("purpose", "each purpose has one rule for a label.");

            (Dictionary<(ConfidentialityLabel?, Purpose), PurposeRule>?, Problem?) Wrong(string field, string cure) => (null, Problem.Invalid($"rules[{place}].{field}", cure));
        }

        return (rules, null);
    }
}

/// <summary>
/// The organisation's policy on consent, in a transaction with its event. It is an Owner's or an Admin's; what it asks more holds at the next byte of everything, and asking less is done in
/// person, with a fresh sign-in and a reason.
/// </summary>
internal sealed class ConsentPolicyChange(VaultDbContext db, ConsentQuestion question, AuditLog audit, TimeProvider time)
{
    public const string Tightened = "consent-policy.tightened";
    public const string Loosened = "consent-policy.loosened";

    /// <param name="change">What is wanted, made from what counts now: it is asked while nobody else changes that.</param>
    /// <returns>Why nothing was changed; null where it stands as was asked.</returns>
    public async Task<Problem?> ApplyAsync(Func<ConsentPolicy, ConsentPolicy> change, string? reason, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        var before = await question.PolicyAsync(cancellationToken);
        var wanted = change(before);
        if (Text(before) == Text(wanted) && before.Regions.SequenceEqual(wanted.Regions))
            return null;
        var isLooser = !wanted.IsAsStrictAs(before);
        var entry = new AuditEntry(isLooser ? Loosened : Tightened, http.Actor(), AuditTargetKind.Tenant, db.TenantId) { ChangesPermission = true, Fields = [("rules", Text(wanted)), ("before", Text(before))] };
        if ((isLooser ? ConsentProblems.LooseningRefusal(http, reason, time.GetUtcNow()) : null) is { } refusal)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (refusal == Problem.PersonNeeded)
                await audit.WriteAsync(entry with { ChangesPermission = false, Outcome = AuditOutcome.Refused, Fields = [.. entry.Fields, ("reason", refusal.Slug)] }, cancellationToken);
            return refusal;
        }

        // His role may have been changed since the request came in.
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return Problem.Forbidden;
        await db.ConsentRules.ExecuteDeleteAsync(cancellationToken);
        db.ConsentRules.AddRange(wanted.Rules.Select(rule => new ConsentRule
        {
            TenantId = db.TenantId,
            Label = rule.Key.Label?.Name() ?? "",
            Purpose = rule.Key.Purpose,
            Needs = rule.Value.Needs,
            WhenMissing = rule.Value.WhenMissing,
        }));
        await db.ConsentRegions.ExecuteDeleteAsync(cancellationToken);
        db.ConsentRegions.AddRange(wanted.Regions.Select(region => new ConsentRegion { TenantId = db.TenantId, Code = region.Code, Name = region.Name, Rule = region.Rule }));
        await audit.AppendAsync(isLooser ? entry with { Fields = [.. entry.Fields, ("why", reason!.Trim())] } : entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>As confidential/share-external=everybody/refuse DE=all-party.</summary>
    private static string Text(ConsentPolicy policy)
    {
        var said = ConsentPolicyResponse.Of(policy);
        var rules = said.Rules.Select(rule => $"{(rule.Label is { } label ? label + "/" : "")}{rule.Purpose}={rule.Needs}/{rule.WhenMissing}");
        return string.Join(' ', rules.Concat(said.Regions.Select(region => $"{region.Code}={region.Rule}"))) is { Length: > 0 } text ? text : "-";
    }
}
