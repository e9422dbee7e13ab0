-- Menu item: the settings.
local LrTasks = import "LrTasks"

local Dialog = require "Dialog"

LrTasks.startAsyncTask(function()
	Dialog.ask({})
end)
