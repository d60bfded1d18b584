using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Factors;

/// <summary>
/// In a tenant that asks for two factors, a session that began with one gets nothing but the way to a second one, to another tenant, and out; a token of a member
/// who has but one gets nothing. Addresses that stay open say so themselves (<see cref="OpenWithOneFactor"/>).
/// </summary>
internal sealed class TwoFactorGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        // What is open to strangers shows nothing of the tenant.
        if (!http.User.HasTooFewFactors() || http.GetEndpoint()?.Metadata is { } metadata && (metadata.GetMetadata<OpenWithOneFactor>() is not null || metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null))
            return next(http);
        if (http.User.SessionId() is null || !HttpMethods.IsGet(http.Request.Method) || !http.Request.WantsPage())
            return FactorProblems.Needed.WriteAsync(http);
        http.Response.Redirect(TwoFactorsNeeded.Path);
        return Task.CompletedTask;
    }
}

/// <summary>Where the gate leads: what is asked for, and the ways to it.</summary>
internal static class TwoFactorsNeeded
{
    public const string Path = "/settings/second-factor";

    public static async Task<Results<RazorComponentResult<TwoFactorsNeededPage>, RedirectHttpResult>> Show(
        HttpContext http, MemberFactors factors, PageFrames frames, PublicAddress address, CancellationToken cancellationToken)
    {
        if (!http.User.HasTooFewFactors())
            return TypedResults.LocalRedirect("/");
        var standing = await factors.ReadAsync(http.User.MemberId(), cancellationToken);
        return PageAnswers.Page<TwoFactorsNeededPage>(new TwoFactorsNeededPageModel
        {
            Frame = frames.ForVisitor(http),
            HostName = address.HostName(http.Request),
            TenantName = await frames.TenantNameAsync(cancellationToken),
            HasSecond = standing.HasSecond,
        });
    }
}
