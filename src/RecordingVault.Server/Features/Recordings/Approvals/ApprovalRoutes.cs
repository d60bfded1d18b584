using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Approvals;

internal static class ApprovalRoutes
{
    public static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.AddScoped<LooseningReading>();
        services.AddScoped<LooseningLetters>();
        services.AddScoped<LooseningAsking>();
        services.AddScoped<LooseningDeciding>();
        services.AddScoped<LooseningEnding>();
        services.AddScoped<LooseningPages>();
        services.AddScoped<IRecordingRows, LooseningRequestRows>();
        services.AddScoped<IWaitingThings, WaitingLoosenings>();
        services.AddScoped<IEndedRows, EndedLoosenings>();
        return services;
    }

    public static IEndpointRouteBuilder MapApprovals(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/loosenings").RequireAuthorization(Policies.ManageMembers).WithTags("Recordings");
        api.MapGet("/", DecideLoosening.List);
        api.MapGet("/{id:guid}", DecideLoosening.One);
        api.MapPost("/{id:guid}/decision", DecideLoosening.Handle).RequireAuthorization(Policies.InPerson).Audited(LooseningDeciding.Approved);
        routes.MapGet(LooseningPages.Path, DecideLoosening.ShowAll).RequireAuthorization(Policies.ManageMembers).ExcludeFromDescription();
        routes.MapGet(LooseningPages.Path + "/{id:guid}", DecideLoosening.Show).RequireAuthorization(Policies.ManageMembers).ExcludeFromDescription();
        routes.MapPost(LooseningPages.Path + "/{id:guid}", DecideLoosening.HandleForm).RequireAuthorization(Policies.ManageMembers, Policies.InPerson)
            .WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).Audited(LooseningDeciding.Approved).ExcludeFromDescription();
        return routes;
    }
}
