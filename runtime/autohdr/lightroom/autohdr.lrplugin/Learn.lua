-- Menu item: saves the metadata of the selected photos, and learns a style from those that are edited.
local LrDialogs = import "LrDialogs"
local LrFunctionContext = import "LrFunctionContext"
local LrProgressScope = import "LrProgressScope"

local Dialog = require "Dialog"
local Photos = require "Photos"
local Program = require "Program"

local function learn(progress)
	local items, left = Photos.chosen()
	progress:setCaption("Saving metadata to files")
	items = Photos.save(items, left, function()
		return progress:isCanceled()
	end)
	if progress:isCanceled() then
		return
	end
	if #items == 0 then
		LrDialogs.message("There is nothing to learn from.", Photos.sentences(left), "warning")
		return
	end
	progress:setCaption("Learning from " .. #items .. " photos")
	local style = Program.preferences().style
	local lines, problem = Program.run("learn", items, { "--style", style })
	if problem then
		LrDialogs.message("No style was learnt.", problem .. "\n" .. Photos.sentences(left), "critical")
		return
	end
	local summary = lines[#lines].text
	local used, out = Program.number(summary, "used"), Program.number(summary, "left_out")
	local text = ("Learnt from %d edited photos; %d others are left out.\nThe style is %s."):format(used, out, style)
	local warning = Program.text(summary, "warning")
	LrDialogs.message("autohdr", table.concat({ text, warning or "", Photos.sentences(left) }, "\n"), "info")
end

LrFunctionContext.postAsyncTaskWithContext("autohdr learn", function(context)
	LrDialogs.attachErrorDialogToFunctionContext(context)
	local needed = { "program", "style" }
	if not Dialog.complete(needed) and not Dialog.ask(needed) then
		return
	end
	local progress = LrProgressScope({ title = "Learning with autohdr", functionContext = context })
	progress:setCancelable(true)
	learn(progress)
	progress:done()
end)
