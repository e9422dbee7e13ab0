-- The settings: where `autohdr` is, the style, and the mark of photos that are worth a look.
local LrBinding = import "LrBinding"
local LrDialogs = import "LrDialogs"
local LrFunctionContext = import "LrFunctionContext"
local LrView = import "LrView"

local Program = require "Program"

local Dialog = {}

local function row(f, title, value, button)
	return f:row({
		f:static_text({ title = title, width = LrView.share("titles") }),
		f:edit_field({ value = LrView.bind(value), width_in_chars = 45 }),
		button,
	})
end

local function choose(f, properties, key, title)
	return f:push_button({
		title = "Choose...",
		action = function()
			local found = LrDialogs.runOpenPanel({ title = title, canChooseFiles = true, allowsMultipleSelection = false })
			if found and found[1] then
				properties[key] = found[1]
			end
		end,
	})
end

-- Asks for the settings. Returns whether they are complete, as far as `needed` names them.
function Dialog.ask(needed)
	local prefs = Program.preferences()
	LrFunctionContext.callWithContext("autohdr settings", function(context)
		local properties = LrBinding.makePropertyTable(context)
		properties.program, properties.style, properties.mark = prefs.program, prefs.style, prefs.mark
		local f = LrView.osFactory()
		local contents = f:column({
			bind_to_object = properties,
			spacing = f:control_spacing(),
			row(f, "Path of autohdr", "program", choose(f, properties, "program", "Where is autohdr?")),
			row(f, "File of your style", "style", choose(f, properties, "style", "Which style?")),
			row(f, "Colour label of photos to check", "mark"),
			f:static_text({ title = "Without a style, labels are small and safe, and none is marked." }),
		})
		if LrDialogs.presentModalDialog({ title = "autohdr", contents = contents }) == "ok" then
			prefs.program, prefs.style, prefs.mark = properties.program, properties.style, properties.mark
		end
	end)
	return Dialog.complete(needed)
end

-- Whether the settings that are needed are there.
function Dialog.complete(needed)
	local prefs = Program.preferences()
	for _, name in ipairs(needed) do
		if prefs[name] == "" then
			return false
		end
	end
	return true
end

return Dialog
